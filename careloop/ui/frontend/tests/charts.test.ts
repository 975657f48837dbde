import { describe, expect, it } from "vitest";
import { configOf } from "../islands/chart-view";

describe("a chart", () => {
  const config = configOf((name) => `the ${name}`, "the face");

  it("takes every color from the page", () => {
    const colors = JSON.stringify(config).match(/#[0-9a-f]{3,8}|rgba?\(/gi);

    expect(colors).toBeNull();
  });

  it("gives every style that specifications name a color", () => {
    for (const name of ["line", "dot", "interval", "center", "limit", "goal", "beyond", "column", "whisker", "note"]) {
      expect(config.style![name], name).toHaveProperty("color", expect.stringMatching(/^the /));
    }
  });
});
