"""What a person of the operation should hear about, in the app and by mail."""
