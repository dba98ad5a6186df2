(call_expression function: (identifier) @name) @reference.call
(call_expression
  function: (member_expression
    object: (_) @receiver
    property: [(property_identifier) (private_property_identifier)] @name)) @reference.call
(call_expression function: (super) @name) @reference.call

(new_expression constructor: (identifier) @name) @reference.construct
(new_expression
  constructor: (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.construct

(decorator (identifier) @name) @reference.call
(decorator (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.call

; Functions and classes that are handed on.
(arguments (identifier) @name) @reference.use
(arguments (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.use
(pair value: (identifier) @name) @reference.use
(object (shorthand_property_identifier) @name) @reference.use
(array (identifier) @name) @reference.use
(variable_declarator value: (identifier) @name) @reference.use
(assignment_expression right: (identifier) @name) @reference.use
(arrow_function body: (identifier) @name) @reference.use
(return_statement (identifier) @name) @reference.use
(export_statement value: (identifier) @name) @reference.use
(export_statement !source (export_clause (export_specifier name: (identifier) @name))) @reference.use

(import_statement (import_clause (identifier) @alias) source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (namespace_import (identifier) @alias))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (identifier) @name !alias)))
  source: (string (string_fragment) @module)) @import
(import_statement
  (import_clause (named_imports (import_specifier name: (identifier) @name alias: (identifier) @alias)))
  source: (string (string_fragment) @module)) @import
(import_statement . "import" . source: (string (string_fragment) @module)) @import

; What another module offers is handed on.
(export_statement
  (export_clause (export_specifier name: (identifier) @name !alias))
  source: (string (string_fragment) @module)) @import
(export_statement
  (export_clause (export_specifier name: (identifier) @name alias: (identifier) @alias))
  source: (string (string_fragment) @module)) @import
(export_statement "*" @wildcard . source: (string (string_fragment) @module)) @import
(export_statement
  (namespace_export (identifier) @alias)
  source: (string (string_fragment) @module)) @import

; CommonJS, and modules that are loaded when they are needed.
(variable_declarator
  name: (identifier) @alias
  value: (call_expression
    function: (identifier) @function
    arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(variable_declarator
  name: (identifier) @alias
  value: (member_expression
    object: (call_expression
      function: (identifier) @function
      arguments: (arguments . (string (string_fragment) @module)))
    property: (property_identifier) @name)
  (#eq? @function "require")) @import
(variable_declarator
  name: (object_pattern (shorthand_property_identifier_pattern) @name)
  value: (call_expression
    function: (identifier) @function
    arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(variable_declarator
  name: (object_pattern (pair_pattern key: (property_identifier) @name value: (identifier) @alias))
  value: (call_expression
    function: (identifier) @function
    arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(expression_statement
  (call_expression function: (identifier) @function arguments: (arguments . (string (string_fragment) @module)))
  (#eq? @function "require")) @import
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @module))) @import

; What is known of the types of variables.
(variable_declarator
  name: (identifier) @name
  value: [
    (new_expression constructor: (_) @type)
    (await_expression (new_expression constructor: (_) @type))
    (call_expression function: [(identifier) (member_expression)] @value)
    (await_expression (call_expression function: [(identifier) (member_expression)] @value))
    (identifier) @value
  ]
  (#not-eq? @value "require")) @binding
(assignment_expression
  left: [(identifier) (member_expression)] @name
  right: [
    (new_expression constructor: (_) @type)
    (call_expression function: [(identifier) (member_expression)] @value)
    (await_expression (call_expression function: [(identifier) (member_expression)] @value))
    (identifier) @value
  ]) @binding
