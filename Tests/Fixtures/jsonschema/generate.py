#!/usr/bin/env python3
"""Writes cases.json: schemas, instances, and what the Python package jsonschema says of them.

Usage: python3 generate.py > cases.json     (needs jsonschema 4.26; the output is the same each time)

Numbers are read exactly (int or Fraction), so that the oracle has no rounding of its own. Its `re` differs from ECMA-262
in some escapes and in `$` before a final line feed: patterns here avoid both.
"""

import importlib.metadata
import json
import random
import re
from fractions import Fraction

import jsonschema
from jsonschema import Draft202012Validator

URL = "https://json-schema.org/draft/2020-12/schema"


def exact(text):
    value = Fraction(text)
    return int(value) if value.denominator == 1 else value


def read(text):
    return json.loads(text, parse_float=exact)


# Each entry: a schema and its instances, as JSON text, so that the writing of numbers is kept.
HAND = []


def case(name, schema, *instances):
    HAND.append((name, schema, instances))


POOL = ["null", "true", "false", "0", "-0", "1", "1.0", "1.5", "-3", "1e400", '""', '"a"', '"abc"', "[]", "[1]", "{}", '{"a":1}']

for kind in ["null", "boolean", "integer", "number", "string", "array", "object"]:
    case(f"type {kind}", f'{{"type":"{kind}"}}', *POOL)
case("type list", '{"type":["string","null","integer"]}', *POOL)
case("true schema", "true", *POOL)
case("false schema", "false", *POOL)
case("empty schema", "{}", *POOL)
for constant in ["null", "0", "1", "1.0", "true", '"a"', "[1]", '{"a":1.0}', "1e400", "[false]"]:
    case(f"const {constant}", f'{{"const":{constant}}}', *POOL, "10e-1", "[1.0]", '{"a":1}', "[0]", "[false]", "10e399")
case("enum", '{"enum":[1,"a",null,[true],{"a":[1]}]}', *POOL, "[true]", "[1]", '{"a":[1.0]}', '{"a":[true]}')
case("enum of one spelling", '{"enum":[100]}', "1e2", "100.0", "1.00e2", "100.1")

case("minimum", '{"minimum":1.5}', "1.5", "1.49999999999999999999999", "1.50", "2", "-1e400", "1e400", '"x"')
case("maximum", '{"maximum":3}', "3", "3.0", "3.0000000000000000000000001", "-3", "1e400", "null")
case("exclusiveMinimum", '{"exclusiveMinimum":0}', "0", "-0", "0.0", "1e-400", "-1e-400", "1")
case("exclusiveMaximum", '{"exclusiveMaximum":9007199254740993}', "9007199254740993", "9007199254740992", "9007199254740992.5")
case("bounds beyond double", '{"minimum":1e400,"maximum":1e401}', "1e400", "9e399", "5e400", "1e401", "11e400", "1e308")
case("multipleOf integer", '{"multipleOf":3}', "9", "10", "0", "-6", "9.0", "1e400", "3e400", '"9"')
case("multipleOf decimal", '{"multipleOf":0.01}', "19.99", "0.075", "1", "1e-2", "-0.05", "0.005", "1e400")
case("multipleOf tenth", '{"multipleOf":0.1}', "0.3", "1.1", "0.35", "4.35", "2.2")
case("multipleOf large", '{"multipleOf":123456789012345678901}', "123456789012345678901", "246913578024691357802", "246913578024691357803")
case("multipleOf small", '{"multipleOf":1e-8}', "12391239123", "1e-8", "1.5e-8", "0.000000019")

case("minLength", '{"minLength":2}', '"a"', '"ab"', '"\\ud83d\\ude00"', '"\\ud83d\\ude00\\ud83d\\ude00"', '"e\\u0301"', "1", '""')
case("maxLength", '{"maxLength":2}', '"ab"', '"abc"', '"\\ud83d\\ude00\\ud83d\\ude00"', '"e\\u0301x"', "null", '"\\u0000\\u0000\\u0000"')
case("lengths as 2.0", '{"minLength":2.0,"maxLength":2e0}', '"a"', '"ab"', '"abc"')
case("maxLength 0", '{"maxLength":0}', '""', '"a"')
case("pattern anchored", '{"pattern":"^a+$"}', '"aaa"', '"baa"', '"aab"', '""', "5")
case("pattern anywhere", '{"pattern":"b"}', '"abc"', '"ac"')
case("pattern alternatives", '{"pattern":"^x|y$"}', '"xa"', '"ay"', '"axya"', '"x"')
case("pattern unicode", '{"pattern":"^.\\u00e9$"}', '"\\ud83d\\ude00\\u00e9"', '"a\\u00e9"', '"\\u00e9"')
case("pattern digits", '{"pattern":"^[0-9]{2,3}(?:-[a-z]+)?$"}', '"12"', '"123-ab"', '"1"', '"1234"', '"12-"')
case("pattern lookahead", '{"pattern":"^(?!no)[a-z]+$"}', '"yes"', '"nope"')
case("pattern with nul", '{"pattern":"^a.b$"}', '"a\\u0000b"', '"ab"')

case("minItems", '{"minItems":1}', "[]", "[1]", "[1,2]", '"x"')
case("maxItems", '{"maxItems":2}', "[]", "[1,2]", "[1,2,3]", "{}")
case("uniqueItems", '{"uniqueItems":true}', "[]", "[1,1]", "[1,1.0]", "[1,true]", "[0,false]", '["a","a"]', '[{"a":1,"b":2},{"b":2.0,"a":1}]', "[[1],[1]]", "[[1],[true]]", '["1",1]', "[null,null]", "[1e400,10e399]", "[0,-0]", '["\\u00e9","e\\u0301"]', "[{},[],\"\",0,false,null]")
case("uniqueItems false", '{"uniqueItems":false}', "[1,1]")
case("items", '{"items":{"type":"integer"}}', "[]", "[1,2]", '[1,"a",2,null]', '{"a":"b"}')
case("items false", '{"items":false}', "[]", "[1]")
case("prefixItems", '{"prefixItems":[{"type":"integer"},{"type":"string"}]}', "[]", "[1]", '[1,"a"]', '[1,"a",null]', '["a",1]', '["a"]')
case("prefix and items", '{"prefixItems":[{"const":1},true],"items":{"type":"null"}}', "[1,2,null]", "[1,2,3]", "[2]", "[1]")
case("prefix and nothing else", '{"prefixItems":[true,true],"items":false}', "[]", "[1,2]", "[1,2,3]")
case("contains", '{"contains":{"minimum":5}}', "[]", "[1,2]", "[1,6]", "[5,5,5]", '["a"]', "5")
case("contains with counts", '{"contains":{"const":1},"minContains":2,"maxContains":3}', "[]", "[1]", "[1,1]", "[1,1,1]", "[1,1.0,1,1]", "[2,2]")
case("minContains 0", '{"contains":{"const":1},"minContains":0}', "[]", "[2]", "[1]")
case("maxContains only", '{"contains":{"const":1},"minContains":0,"maxContains":1}', "[]", "[1]", "[1,1]")
case("minContains alone", '{"minContains":5}', "[]", "[1]")
case("contains false", '{"contains":false}', "[]", "[1]")
case("contains true", '{"contains":true}', "[]", "[1]")

case("required", '{"required":["a","b"]}', "{}", '{"a":1}', '{"a":1,"b":null}', "[]", '{"a":1,"b":2,"c":3}')
case("required odd names", '{"required":["","\\"q","a/b","~"]}', '{"":1,"\\"q":2,"a/b":3,"~":4}', '{"":1}', "{}")
case("required by scalars", '{"required":["\\u00e9"]}', '{"\\u00e9":1}', '{"e\\u0301":1}')
case("minProperties", '{"minProperties":1}', "{}", '{"a":1}', "[]")
case("maxProperties", '{"maxProperties":1}', "{}", '{"a":1}', '{"a":1,"b":2}')
case("properties", '{"properties":{"a":{"type":"integer"},"b":{"minLength":2}}}', "{}", '{"a":1,"b":"xy"}', '{"a":"1","b":"x"}', '{"c":1}', "[]")
case("properties false", '{"properties":{"a":false,"b":true}}', '{"b":1}', '{"a":1}')
case("properties odd names", '{"properties":{"a/b":{"type":"null"},"~":{"type":"null"},"":{"type":"null"}}}', '{"a/b":1,"~":2,"":3}', '{"a/b":null}')
case("patternProperties", '{"patternProperties":{"^a":{"type":"integer"},"b$":{"maximum":5}}}', '{"a":1}', '{"ab":9}', '{"ab":"x"}', '{"xb":6}', '{"c":"x"}')
case("additionalProperties false", '{"properties":{"a":{}},"patternProperties":{"^x-":{}},"additionalProperties":false}', '{"a":1}', '{"x-1":1}', '{"b":1}', '{"a":1,"b":1,"c":2}')
case("additionalProperties schema", '{"properties":{"a":{}},"additionalProperties":{"type":"string"}}', '{"a":1}', '{"a":1,"b":"x"}', '{"b":1,"c":"x","d":2}')
case("additionalProperties alone", '{"additionalProperties":false}', "{}", '{"a":1}')
case("propertyNames", '{"propertyNames":{"maxLength":2,"pattern":"^[a-z]*$"}}', '{"a":1,"bc":2}', '{"abc":1}', '{"A":1}', '{"ABC":1}', "{}")
case("propertyNames false", '{"propertyNames":false}', "{}", '{"a":1}')
case("dependentRequired", '{"dependentRequired":{"a":["b","c"],"d":[]}}', '{"a":1}', '{"a":1,"b":1,"c":1}', '{"b":1}', '{"d":1}', '{"a":1,"c":2}')
case("dependentSchemas", '{"dependentSchemas":{"a":{"required":["b"]},"c":false}}', '{"a":1}', '{"a":1,"b":1}', '{"c":1}', "{}", '"a"')

case("allOf", '{"allOf":[{"type":"integer"},{"minimum":3},{"multipleOf":2}]}', "4", "5", "2", "1", '"x"')
case("anyOf", '{"anyOf":[{"type":"integer"},{"minLength":2}]}', "1", '"ab"', '"a"', "1.5", "null")
case("oneOf", '{"oneOf":[{"type":"integer"},{"minimum":2}]}', "1", "2.5", "3", "1.5", '"x"')
case("not", '{"not":{"type":"integer"}}', "1", '"a"', "1.5", "1.0")
case("not not", '{"not":{"not":{"type":"integer"}}}', "1", '"a"')
case("not false", '{"not":false}', "1")
case("not true", '{"not":true}', "1")
case("if then else", '{"if":{"type":"integer"},"then":{"minimum":5},"else":{"type":"string"}}', "6", "4", '"x"', "null", "5.5")
case("if without branches", '{"if":{"type":"integer"}}', "1", '"x"')
case("then without if", '{"then":false,"else":false}', "1")
case("if true", '{"if":true,"then":{"const":1},"else":{"const":2}}', "1", "2")
case("if only else", '{"if":{"minimum":5},"else":{"const":1}}', "6", "1", "2")
case("empty oneOf branches", '{"oneOf":[true,true]}', "1")
case("nested combination", '{"allOf":[{"anyOf":[{"oneOf":[{"minimum":0},{"maximum":10}]},{"const":5}]}]}', "-1", "5", "7", "11", '"x"')

case("ref to definition", '{"$ref":"#/$defs/n","$defs":{"n":{"type":"integer"}}}', "1", '"a"')
case("ref with siblings", '{"$ref":"#/$defs/n","minimum":3,"$defs":{"n":{"type":"integer"}}}', "3", "2", "3.5", '"a"')
case("ref to root", '{"properties":{"child":{"$ref":"#"}},"required":["v"]}', '{"v":1}', '{"v":1,"child":{}}', '{"v":1,"child":{"v":2,"child":{"v":3}}}', '{"v":1,"child":{"v":2,"child":{}}}')
case("ref to property", '{"properties":{"a":{"type":"integer"},"b":{"$ref":"#/properties/a"}}}', '{"b":"x"}', '{"a":1,"b":2}')
case("ref escaped", '{"$defs":{"a/b":{"type":"null"},"c~d":{"type":"string"},"e%f":{"type":"integer"},"g h":{"const":1}},"properties":{"x":{"$ref":"#/$defs/a~1b"},"y":{"$ref":"#/$defs/c~0d"},"z":{"$ref":"#/$defs/e%25f"},"w":{"$ref":"#/$defs/g%20h"}}}', '{"x":1,"y":1,"z":"a","w":2}', '{"x":null,"y":"a","z":3,"w":1}')
case("ref into prefixItems", '{"prefixItems":[{"type":"integer"},{"$ref":"#/prefixItems/0"}]}', "[1,2]", '[1,"a"]')
case("ref to unknown place", '{"$ref":"#/shapes/n","shapes":{"n":{"type":"integer"}}}', "1", '"a"')
case("ref to boolean", '{"$ref":"#/$defs/no","$defs":{"no":false}}', "1")
case("ref chain", '{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/c"},"c":{"type":"integer"}}}', "1", '"a"')
case("anchor", '{"$ref":"#here","$defs":{"x":{"$anchor":"here","type":"integer"}}}', "1", '"a"')
case("property named $ref", '{"properties":{"$ref":{"type":"string"}}}', '{"$ref":"a"}', '{"$ref":1}')
case("property named $id", '{"properties":{"$id":{"type":"string"}}}', '{"$id":"a"}', '{"$id":1}')
case("const that looks like a ref", '{"const":{"$ref":"#/none"}}', '{"$ref":"#/none"}', "{}")
case("enum that looks like ids", '{"enum":[{"$id":"x"},{"$anchor":"y"}]}', '{"$id":"x"}', "1")
case("id and relative ref", '{"$id":"https://e.test/root.json","$ref":"item.json","$defs":{"i":{"$id":"item.json","type":"integer"}}}', "1", '"a"')
case("id changes the base", '{"$id":"https://e.test/a/root.json","properties":{"x":{"$ref":"b/in.json"}},"$defs":{"f":{"$id":"b/out.json","$defs":{"g":{"$id":"in.json","type":"integer"}}}}}', '{"x":1}', '{"x":"a"}')
case("absolute ref to own id", '{"$id":"https://e.test/t.json","properties":{"c":{"$ref":"https://e.test/t.json#/$defs/n"}},"$defs":{"n":{"type":"null"}}}', '{"c":null}', '{"c":1}')
case("pointer within embedded id", '{"$id":"https://e.test/t.json","$ref":"u.json#/$defs/n","$defs":{"u":{"$id":"u.json","$defs":{"n":{"type":"null"}}}}}', "null", "1")
case("ref in embedded id means it", '{"$id":"https://e.test/t.json","$ref":"u.json","$defs":{"n":{"type":"string"},"u":{"$id":"u.json","$ref":"#/$defs/n","$defs":{"n":{"type":"null"}}}}}', "null", '"a"')
case("anchor in embedded id", '{"$id":"https://e.test/t.json","$ref":"u.json#k","$defs":{"a":{"$anchor":"k","type":"string"},"u":{"$id":"u.json","$defs":{"n":{"$anchor":"k","type":"null"}}}}}', "null", '"a"')
case("urn id", '{"$id":"urn:example:root","$ref":"urn:example:part","$defs":{"p":{"$id":"urn:example:part","type":"integer"}}}', "1", '"a"')
case("dot segments", '{"$id":"https://e.test/a/b/c.json","$ref":"../d/./e.json","$defs":{"e":{"$id":"https://e.test/a/d/e.json","type":"integer"}}}', "1", '"a"')
case("absolute path ref", '{"$id":"https://e.test/a/b/c.json","$ref":"/x.json","$defs":{"e":{"$id":"https://e.test/x.json","type":"integer"}}}', "1", '"a"')

case("dynamicRef as ref", '{"$dynamicRef":"#n","$defs":{"n":{"$dynamicAnchor":"n","type":"integer"}}}', "1", '"a"')
case("dynamicRef to plain anchor", '{"$dynamicRef":"#n","$defs":{"n":{"$anchor":"n","type":"integer"}}}', "1", '"a"')
TREE = '"tree":{"$id":"tree","$dynamicAnchor":"node","type":"object","properties":{"data":true,"children":{"type":"array","items":{"$dynamicRef":"#node"}}}}'
case("dynamicRef open tree", f'{{"$id":"https://e.test/open","$ref":"tree","$defs":{{{TREE}}}}}', '{"children":[{"daat":1}]}', '{"children":[1]}', '{"children":[{"children":[null]}]}')
case("dynamicRef strict tree", f'{{"$id":"https://e.test/strict","$dynamicAnchor":"node","$ref":"tree","unevaluatedProperties":false,"$defs":{{{TREE}}}}}', '{"children":[{"daat":1}]}', '{"children":[{"data":1}]}', '{"children":[{"children":[{"x":1}]}]}', '{"children":[]}')
case("dynamicRef generic list", '{"$id":"https://e.test/strings","$ref":"list","$defs":{"foo":{"$dynamicAnchor":"T","type":"string"},"list":{"$id":"list","type":"array","items":{"$dynamicRef":"#T"},"$defs":{"any":{"$dynamicAnchor":"T"}}}}}', '["a"]', "[1]", "[]")
case("dynamicRef without bookend", '{"$id":"https://e.test/r","$ref":"list","$defs":{"foo":{"$dynamicAnchor":"T","type":"string"},"list":{"$id":"list","items":{"$dynamicRef":"#T"},"$defs":{"any":{"$anchor":"T"}}}}}', '["a"]', "[1]")
case("dynamicRef chosen by branch", '{"$id":"https://e.test/c","if":{"required":["k"]},"then":{"$ref":"numbers"},"else":{"$ref":"strings"},"$defs":{"g":{"$id":"generic","properties":{"l":{"items":{"$dynamicRef":"#T"}}},"$defs":{"d":{"$dynamicAnchor":"T"}}},"n":{"$id":"numbers","$ref":"generic","$defs":{"d":{"$dynamicAnchor":"T","type":"number"}}},"s":{"$id":"strings","$ref":"generic","$defs":{"d":{"$dynamicAnchor":"T","type":"string"}}}}}', '{"k":1,"l":[1]}', '{"k":1,"l":["a"]}', '{"l":["a"]}', '{"l":[1]}')

case("unevaluatedProperties", '{"properties":{"a":{}},"unevaluatedProperties":false}', "{}", '{"a":1}', '{"b":1}')
case("unevaluatedProperties schema", '{"properties":{"a":{}},"unevaluatedProperties":{"type":"string"}}', '{"a":1,"b":"x"}', '{"b":1}')
case("unevaluated through allOf", '{"allOf":[{"properties":{"a":{}}},{"patternProperties":{"^b":{}}}],"unevaluatedProperties":false}', '{"a":1,"b1":2}', '{"a":1,"c":2}')
case("unevaluated through anyOf", '{"anyOf":[{"properties":{"a":{"type":"integer"}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}],"unevaluatedProperties":false}', '{"a":1}', '{"a":1,"b":2}', '{"a":"x","b":2}', '{"b":1}', '{"c":1}')
case("unevaluated through oneOf", '{"oneOf":[{"properties":{"a":{"const":1}},"required":["a"]},{"properties":{"b":{}},"required":["b"]}],"unevaluatedProperties":false}', '{"a":1}', '{"b":1}', '{"a":2,"b":1}')
case("unevaluated through if", '{"if":{"properties":{"k":{"const":"x"}},"required":["k"]},"then":{"properties":{"x":{}}},"else":{"properties":{"y":{}}},"unevaluatedProperties":false}', '{"k":"x","x":1}', '{"k":"x","y":1}', '{"y":1}', '{"k":"z","y":1}')
case("unevaluated through ref", '{"$ref":"#/$defs/b","properties":{"a":{}},"unevaluatedProperties":false,"$defs":{"b":{"properties":{"b":{}}}}}', '{"a":1,"b":2}', '{"c":1}')
case("unevaluated through dependentSchemas", '{"dependentSchemas":{"a":{"properties":{"b":{}}}},"properties":{"a":{}},"unevaluatedProperties":false}', '{"a":1,"b":2}', '{"b":2}')
case("unevaluated not through not", '{"not":{"not":{"properties":{"a":{}}}},"unevaluatedProperties":false}', '{"a":1}', "{}")
case("unevaluated sees additional", '{"additionalProperties":{"type":"integer"},"unevaluatedProperties":false}', '{"a":1}')
case("unevaluated no cousins", '{"allOf":[{"properties":{"a":{}}},{"unevaluatedProperties":false}]}', '{"a":1}', "{}")
case("unevaluated nested", '{"properties":{"o":{"properties":{"a":{}},"unevaluatedProperties":false}},"unevaluatedProperties":false}', '{"o":{"a":1}}', '{"o":{"b":1}}', '{"p":1}')
case("unevaluated inside is seen outside", '{"allOf":[{"unevaluatedProperties":true}],"unevaluatedProperties":false}', '{"a":1}')
case("unevaluatedItems", '{"prefixItems":[{}],"unevaluatedItems":false}', "[]", "[1]", "[1,2]")
case("unevaluatedItems schema", '{"prefixItems":[{}],"unevaluatedItems":{"type":"string"}}', '[1,"a"]', "[1,2]")
case("unevaluatedItems through items", '{"allOf":[{"items":{}}],"unevaluatedItems":false}', "[1,2]")
case("unevaluatedItems through prefix", '{"allOf":[{"prefixItems":[{},{}]}],"unevaluatedItems":false}', "[1,2]", "[1,2,3]")
case("unevaluatedItems with contains", '{"contains":{"type":"string"},"unevaluatedItems":{"type":"integer"}}', '["a",1]', '["a",null]', "[1]", '[1,"a","b"]')
case("unevaluatedItems through anyOf", '{"anyOf":[{"prefixItems":[{"const":1}]},{"prefixItems":[true,{"const":2}]}],"unevaluatedItems":false}', "[1]", "[1,2]", "[1,3]", "[5,2]", "[5,6]")
case("unevaluatedItems through if", '{"if":{"prefixItems":[{"const":1}]},"then":{"prefixItems":[true,true]},"unevaluatedItems":false}', "[1,2]", "[1,2,3]", "[2]", "[]")
case("unevaluatedItems on others", '{"unevaluatedItems":false,"unevaluatedProperties":false}', "1", '"a"', "{}", "[]")
case("unevaluated deep ref", '{"$ref":"#/$defs/x","unevaluatedProperties":false,"$defs":{"x":{"allOf":[{"$ref":"#/$defs/y"},{"properties":{"a":{}}}]},"y":{"anyOf":[{"properties":{"b":{"type":"integer"}},"required":["b"]},true]}}}', '{"a":1,"b":1}', '{"a":1,"b":"x"}', '{"c":1}')

case("format is no assertion", '{"format":"email"}', '"not an email"', "1")
case("content is no assertion", '{"contentEncoding":"base64","contentMediaType":"application/json"}', '"{"')
case("unknown keywords", '{"x-note":{"type":5},"title":"T","description":"D","default":1,"examples":[2],"deprecated":true,"readOnly":true,"$comment":"c"}', "1", '"a"')
case("$schema is accepted", f'{{"$schema":"{URL}","type":"integer"}}', "1", '"a"')
case("$defs are not applied", '{"$defs":{"a":false}}', "1")

case("a plugin's payload", '{"type":"object","required":["bench_id","lane_id"],"properties":{"bench_id":{"type":"string","minLength":1},"lane_id":{"type":"string"},"limit":{"type":"integer","minimum":1},"temperature":{"type":"number","minimum":0,"maximum":2},"in_flight":{"type":"integer","minimum":1,"maximum":64,"default":8}},"additionalProperties":false}', '{"bench_id":"b","lane_id":"l"}', '{"bench_id":"","lane_id":1,"limit":0,"temperature":2.1,"in_flight":65}', '{"bench_id":"b"}', '{"bench_id":"b","lane_id":"l","limit":1.0,"extra":1}', "[]")
deep = "0"
for _ in range(30):
    deep = f'{{"v":[{deep}]}}'
case("deep values", '{"properties":{"v":{"items":{"$ref":"#"}}},"type":["object","integer"]}', deep, deep.replace("0", "null"))
case("many alternatives", '{"anyOf":[' + ",".join(f'{{"const":{n}}}' for n in range(60)) + "]}", "59", "60", "59.0")


# Random schemas: what no one thought of.

def random_value(r, depth=2):
    kinds = ["null", "bool", "int", "float", "string"] + (["array", "object"] * 2 if depth else [])
    kind = r.choice(kinds)
    if kind == "null":
        return "null"
    if kind == "bool":
        return r.choice(["true", "false"])
    if kind == "int":
        return str(r.randint(-2, 6))
    if kind == "float":
        return r.choice(["1.0", "0.5", "2.50", "1e0", "3e-1", "-0.0", "1e30"])
    if kind == "string":
        return json.dumps(r.choice(["", "a", "b", "ab", "abc", "x-1", "é"]))
    if kind == "array":
        return "[" + ",".join(random_value(r, depth - 1) for _ in range(r.randint(0, 4))) + "]"
    keys = r.sample(["a", "b", "c", "ab", "x-1"], r.randint(0, 4))
    return "{" + ",".join(f"{json.dumps(k)}:{random_value(r, depth - 1)}" for k in keys) + "}"


def random_schema(r, depth=3):
    if depth == 0 or r.random() < 0.08:
        return r.choice(["true", "true", "false", '{"type":"integer"}', '{"type":"string"}', '{"minimum":2}', '{"$ref":"#/$defs/d"}'])

    def sub():
        return random_schema(r, depth - 1)

    def subs():
        return "[" + ",".join(sub() for _ in range(r.randint(1, 3))) + "]"

    def by_name():
        names = r.sample(["a", "b", "c", "ab"], r.randint(1, 3))
        return "{" + ",".join(f'"{n}":{sub()}' for n in names) + "}"

    def names():
        return json.dumps(r.sample(["a", "b", "c"], r.randint(0, 2)))

    makers = {
        "type": lambda: r.choice(['"integer"', '"object"', '"array"', '["string","array"]', '["object","array","number"]']),
        "const": lambda: random_value(r, 1),
        "enum": lambda: "[" + ",".join(random_value(r, 1) for _ in range(4)) + "]",
        "minimum": lambda: r.choice(["0", "0.5", "2"]),
        "exclusiveMaximum": lambda: r.choice(["1", "2.5", "5"]),
        "multipleOf": lambda: r.choice(["2", "0.5", "0.3"]),
        "minLength": lambda: str(r.randint(0, 2)),
        "maxLength": lambda: str(r.randint(0, 3)),
        "pattern": lambda: json.dumps(r.choice(["^a", "b$", "^[a-c]+$", "x|b"])),
        "minItems": lambda: str(r.randint(0, 2)),
        "maxItems": lambda: str(r.randint(0, 3)),
        "uniqueItems": lambda: "true",
        "prefixItems": subs, "items": sub, "contains": sub,
        "minContains": lambda: str(r.randint(0, 2)),
        "maxContains": lambda: str(r.randint(0, 3)),
        "minProperties": lambda: str(r.randint(0, 2)),
        "maxProperties": lambda: str(r.randint(0, 3)),
        "required": names,
        "dependentRequired": lambda: '{"a":' + names() + "}",
        "dependentSchemas": lambda: '{"a":' + sub() + "}",
        "propertyNames": sub, "properties": by_name,
        "patternProperties": lambda: '{"^a":' + sub() + "}",
        "additionalProperties": sub, "allOf": subs, "anyOf": subs, "oneOf": subs, "not": sub,
        "if": sub, "then": sub, "else": sub,
        "unevaluatedItems": sub, "unevaluatedProperties": sub,
    }
    chosen = r.sample(list(makers), r.randint(1, 4))
    if r.random() < 0.25:
        chosen = list(dict.fromkeys(chosen + ["if", "then", "else"]))
    return "{" + ",".join(f'"{k}":{makers[k]()}' for k in chosen) + "}"


def random_cases(count):
    r = random.Random(20201212)
    for number in range(count):
        schema = random_schema(r)
        definition = r.choice(['{"type":["integer","string"]}', '{"minProperties":1,"properties":{"a":{"$ref":"#/$defs/d"}}}', '{"items":{"type":"integer"},"required":["b"]}'])
        if schema.startswith("{"):
            rest = schema[1:-1]
            schema = '{"$defs":{"d":' + definition + "}" + ("," + rest if rest else "") + "}"
        elif "$ref" in schema:
            continue
        yield f"random {number}", schema, tuple(random_value(r, 3) for _ in range(6))


def pointer(path):
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in path)


def errors(schema, instance):
    found = {(pointer(e.absolute_path), e.validator or "false") for e in Draft202012Validator(schema).iter_errors(instance)}
    return sorted(list(pair) for pair in found)


def main():
    assert importlib.metadata.version("jsonschema").startswith("4.26."), "the cases are those of jsonschema 4.26"
    entries = []
    for name, schema_text, instances in HAND + list(random_cases(260)):
        schema = read(schema_text)
        tests = []
        for text in dict.fromkeys(instances):
            found = errors(schema, read(text))
            tests.append(f'    {{"instance":{text},"valid":{"false" if found else "true"},"errors":{json.dumps(found, separators=(",", ":"))}}}')
        entries.append(f'  {{"name":{json.dumps(name)},"schema":{schema_text},"tests":[\n' + ",\n".join(tests) + "\n  ]}")
    print('{"oracle":"jsonschema 4.26, Draft202012Validator","cases":[\n' + ",\n".join(entries) + "\n]}")


if __name__ == "__main__":
    main()
