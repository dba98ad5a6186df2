(method_invocation object: (_) @receiver name: (identifier) @name) @reference.call
(method_invocation !object name: (identifier) @name) @reference.call
(explicit_constructor_invocation constructor: [(super) (this)] @name) @reference.call

(object_creation_expression type: (type_identifier) @name) @reference.construct
(object_creation_expression
  type: (scoped_type_identifier (_) @receiver . (type_identifier) @name .)) @reference.construct
(object_creation_expression type: (generic_type . (type_identifier) @name)) @reference.construct
(object_creation_expression
  type: (generic_type . (scoped_type_identifier (_) @receiver . (type_identifier) @name .))) @reference.construct

(superclass [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (_) @receiver . (type_identifier) @name .)
]) @reference.inherit
(super_interfaces (type_list [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (_) @receiver . (type_identifier) @name .)
])) @reference.implement
(extends_interfaces (type_list [
  (type_identifier) @name
  (generic_type . (type_identifier) @name)
  (scoped_type_identifier (_) @receiver . (type_identifier) @name .)
])) @reference.inherit

; What a module is told to hand over: bind(Store.class).to(DiskStore.class).
(method_invocation
  object: (method_invocation
    name: (identifier) @bind
    arguments: (argument_list . (class_literal (type_identifier) @receiver)))
  name: (identifier) @to
  arguments: (argument_list . (class_literal (type_identifier) @name))
  (#eq? @bind "bind")
  (#any-of? @to "to" "toProvider")) @reference.bind
(method_invocation
  name: (identifier) @bind
  arguments: (argument_list . (class_literal (type_identifier) @name))
  (#eq? @bind "bind")) @reference.bind

(marker_annotation name: (identifier) @name) @reference.type
(annotation name: (identifier) @name) @reference.type
(scoped_type_identifier (_) @receiver . (type_identifier) @name .) @reference.type
((type_identifier) @name (#not-eq? @name "var")) @reference.type

; Methods and values that are handed on.
(method_reference . (_) @receiver (identifier) @name .) @reference.use
(argument_list (identifier) @name) @reference.use
(argument_list (field_access object: (_) @receiver field: (identifier) @name)) @reference.use
(return_statement (identifier) @name) @reference.use
(assignment_expression right: (identifier) @name) @reference.use
(variable_declarator value: (identifier) @name) @reference.use

(import_declaration (scoped_identifier scope: (_) @module name: (identifier) @name) .) @import
(import_declaration (scoped_identifier) @module (asterisk) @wildcard) @import
(import_declaration . (identifier) @module .) @import

; What is known of the types of variables. `var` tells nothing.
((local_variable_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @name))
  (#not-eq? @type "var")) @binding
((local_variable_declaration
    declarator: (variable_declarator
      name: (identifier) @name
      value: [
        (object_creation_expression type: (_) @type)
        (cast_expression type: (_) @type)
        (method_invocation object: (_) @value "." @value name: (identifier) @value)
        (method_invocation !object name: (identifier) @value)
        (identifier) @value
      ]))) @binding
(formal_parameter type: (_) @type name: (identifier) @name) @binding
(spread_parameter (_) @type (variable_declarator name: (identifier) @name)) @binding
((enhanced_for_statement type: (_) @type name: (identifier) @name) (#not-eq? @type "var")) @binding
(resource type: (_) @type name: (identifier) @name) @binding
(catch_formal_parameter (catch_type . (_) @type) name: (identifier) @name) @binding
(assignment_expression
  left: [(identifier) (field_access)] @name
  right: [
    (object_creation_expression type: (_) @type)
    (method_invocation object: (_) @value "." @value name: (identifier) @value)
    (method_invocation !object name: (identifier) @value)
    (identifier) @value
  ]) @binding
