"""The people of the operation at work: what they do now, what they can, what they speak, and how much they can hold."""
