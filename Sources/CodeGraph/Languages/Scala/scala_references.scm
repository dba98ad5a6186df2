(call_expression function: (identifier) @name) @reference.call
(call_expression function: (field_expression value: (_) @receiver field: (identifier) @name)) @reference.call
(call_expression function: (generic_function function: (identifier) @name)) @reference.call
(call_expression
  function: (generic_function
    function: (field_expression value: (_) @receiver field: (identifier) @name))) @reference.call
(infix_expression left: (_) @receiver operator: (identifier) @name) @reference.call

(instance_expression . (type_identifier) @name) @reference.construct
(instance_expression . (generic_type type: (type_identifier) @name)) @reference.construct
(instance_expression . (stable_type_identifier (_) @receiver . (type_identifier) @name .)) @reference.construct
(instance_expression
  .
  (generic_type
    type: (stable_type_identifier (_) @receiver . (type_identifier) @name .))) @reference.construct

; What follows `with` is a trait.
(extends_clause . type: [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (_) @receiver . (type_identifier) @name .)
  (generic_type type: (stable_type_identifier (_) @receiver . (type_identifier) @name .))
]) @reference.inherit
(extends_clause [
  (type_identifier) @name
  (generic_type type: (type_identifier) @name)
  (stable_type_identifier (_) @receiver . (type_identifier) @name .)
  (generic_type type: (stable_type_identifier (_) @receiver . (type_identifier) @name .))
]) @reference.implement

(stable_type_identifier (_) @receiver . (type_identifier) @name .) @reference.type
(type_identifier) @name @reference.type

; Functions and values that are handed on.
(arguments (identifier) @name) @reference.use
(arguments (field_expression value: (_) @receiver field: (identifier) @name)) @reference.use
(val_definition value: (identifier) @name) @reference.use
(assignment_expression right: (identifier) @name) @reference.use

; The last part of a path without selectors is the name.
(import_declaration
  .
  path: (identifier) @module
  ("." @module . path: (identifier) @module)*
  "."
  .
  path: (identifier) @name
  .) @import
(import_declaration
  path: (identifier) @module
  ("." @module path: (identifier) @module)*
  "."
  (namespace_wildcard) @wildcard) @import
(import_declaration
  path: (identifier) @module
  ("." @module path: (identifier) @module)*
  "."
  (namespace_selectors [
    (identifier) @name
    (arrow_renamed_identifier name: (identifier) @name alias: (identifier) @alias)
    (as_renamed_identifier name: (identifier) @name alias: (identifier) @alias)
    (namespace_wildcard) @wildcard
  ])) @import

(val_definition pattern: (identifier) @name type: (_) @type) @binding
(var_definition pattern: (identifier) @name type: (_) @type) @binding
(val_definition
  pattern: (identifier) @name
  value: [
    (call_expression function: [(identifier) (field_expression)] @value)
    (instance_expression . (_) @type)
    (identifier) @value
  ]) @binding
(var_definition
  pattern: (identifier) @name
  value: [
    (call_expression function: [(identifier) (field_expression)] @value)
    (instance_expression . (_) @type)
    (identifier) @value
  ]) @binding
(parameter name: (identifier) @name type: (_) @type) @binding
(class_parameter name: (identifier) @name type: (_) @type) @binding
