(call function: (identifier) @name) @reference.call
(call function: (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.call

(class_definition superclasses: (argument_list (identifier) @name) ) @reference.inherit
(class_definition
  superclasses: (argument_list (attribute object: (_) @receiver attribute: (identifier) @name))) @reference.inherit
(class_definition
  superclasses: (argument_list (subscript value: (identifier) @name))) @reference.inherit
(class_definition
  superclasses: (argument_list
    (subscript value: (attribute object: (_) @receiver attribute: (identifier) @name)))) @reference.inherit

(type (identifier) @name) @reference.type
(type (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.type
(type (subscript value: (identifier) @name)) @reference.type
(type (subscript subscript: (identifier) @name)) @reference.type
(type (generic_type (identifier) @name)) @reference.type
(type (generic_type (type_parameter (type (identifier) @name)))) @reference.type
(type (binary_operator (identifier) @name)) @reference.type

(except_clause (identifier) @name) @reference.type
(except_clause (as_pattern (identifier) @name)) @reference.type
(except_clause (tuple (identifier) @name)) @reference.type

(decorator (identifier) @name) @reference.call
(decorator (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.call

; Functions and classes that are handed on.
(argument_list (identifier) @name) @reference.use
(keyword_argument value: (identifier) @name) @reference.use
(assignment right: (identifier) @name) @reference.use
(return_statement (identifier) @name) @reference.use
(pair value: (identifier) @name) @reference.use
(list (identifier) @name) @reference.use
(tuple (identifier) @name) @reference.use
(raise_statement (identifier) @name) @reference.use
(argument_list (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.use
(keyword_argument value: (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.use
(pair value: (attribute object: (_) @receiver attribute: (identifier) @name)) @reference.use

(import_statement name: (dotted_name) @module) @import
(import_statement name: (aliased_import name: (dotted_name) @module alias: (identifier) @alias)) @import
(import_from_statement module_name: (_) @module name: (dotted_name) @name) @import
(import_from_statement
  module_name: (_) @module
  name: (aliased_import name: (dotted_name) @name alias: (identifier) @alias)) @import
(import_from_statement module_name: (_) @module (wildcard_import) @wildcard) @import

; What is known of the types of variables: first what is declared.
(assignment left: [(identifier) (attribute)] @name type: (type) @type) @binding
(assignment
  left: [(identifier) (attribute)] @name
  right: [
    (call function: (_) @value)
    (await (call function: (_) @value))
    (identifier) @value
    (attribute) @value
  ]) @binding
(named_expression name: (identifier) @name value: (call function: (_) @value)) @binding
(typed_parameter (identifier) @name type: (type) @type) @binding
(typed_default_parameter name: (identifier) @name type: (type) @type) @binding
(with_item value: (as_pattern (call function: (_) @value) alias: (as_pattern_target (identifier) @name))) @binding
