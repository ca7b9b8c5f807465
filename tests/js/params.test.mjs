import assert from "node:assert/strict";
import test from "node:test";
import * as p from "../../dashboard/assets/js/explore/params.js";

const GDP = { i: "gdp", e: "hangzhou~suzhou", v: "pursuit", m: "value", reference: "shenzhen" };

test("a query names parameters in one order, without what is usual", () => {
  assert.equal(p.toQuery({ v: "line", e: "a~b", i: "gdp", m: "value", t: "2000..2010" }), "i=gdp&e=a~b&t=2000..2010");
  assert.equal(p.toQuery({}), "");
  assert.equal(p.toQuery({ i: "a b&c" }), "i=a%20b%26c");
});

test("who leaves the pursuit sees the one pursued, once", () => {
  assert.equal(p.changed(GDP, "v", "bar").e, "shenzhen~hangzhou~suzhou");
  assert.equal(p.changed({ ...GDP, e: "shenzhen~suzhou" }, "v", "bar").e, "shenzhen~suzhou");
  assert.equal(p.changed({ ...GDP, v: "line" }, "v", "bar").e, "hangzhou~suzhou");
});

test("an axis chosen for one measure or view does not stay for another; a frame of the player ends", () => {
  const before = { ...GDP, y: "log", at: "2010", o: "suzhou.2010" };
  for (const name of ["m", "v"]) assert.equal(p.changed(before, name, "bar").y, "");
  const next = p.changed(before, "per", "head");
  assert.deepEqual([next.y, next.at, next.o], ["log", "", ""]);
});

test("an indicator takes its place, is not shown twice, and gives its place up", () => {
  assert.equal(p.withIndicator({ i: "a~b" }, 0, "c").i, "c~b");
  assert.equal(p.withIndicator({ i: "a~b" }, 2, "c").i, "a~b~c");
  assert.equal(p.withIndicator({ i: "a~b" }, 1, "a").i, "a");
  assert.equal(p.withIndicator({ i: "a~b" }, 1, "").i, "a");
});

test("what an indicator does not offer gives way to it", () => {
  const wanted = { i: "share", v: "pursuit", m: "index", y: "log", c: "usd", per: "head", p: "real" };
  assert.deepEqual(p.withAvailable(wanted, [], "ratio"), {
    i: "share",
    v: "line",
    m: "",
    y: "",
    c: "",
    per: "",
    p: "",
  });
  const all = ["ratio", "index", "log", "usd", "head", "real"];
  assert.deepEqual(p.withAvailable(wanted, all, "ratio"), wanted);
  assert.equal(p.withAvailable({ m: "value", y: "linear" }, []).y, "linear");
});

test("a group is added, then taken away, and somebody always stays", () => {
  assert.equal(p.toggled({ e: "a~b" }, ["b", "c"]).e, "a~b~c");
  assert.equal(p.toggled({ e: "a~b~c" }, ["b", "c"]).e, "a");
  assert.equal(p.toggled({ e: "a" }, ["a"]).e, "a");
});

test("the ends of a span are left open at the first and the last period", () => {
  const years = ["2000", "2001", "2002"];
  assert.equal(p.spanned({}, years, 0, 2).t, "");
  assert.equal(p.spanned({}, years, 1, 2).t, "2001..");
  assert.equal(p.spanned({}, years, 0, 1).t, "..2001");
  assert.equal(p.spanned({}, years, 1, 1).t, "2001");
});

test("another first indicator is asked for as chosen, then without the span, then by itself", () => {
  const found = p.fallbacks({ i: "a", e: "x", v: "bar", t: "2000", b: "2000" });
  assert.deepEqual(
    found.map((f) => [f.e, f.t]),
    [
      ["x", "2000"],
      ["x", ""],
      [undefined, undefined],
    ],
  );
});
