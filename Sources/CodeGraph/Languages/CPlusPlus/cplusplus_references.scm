; What C/ does not say.
(call_expression
  function: (qualified_identifier
    scope: (_) @receiver
    name: [(identifier) @name (template_function name: (identifier) @name)])) @reference.call
; a::b::f: the innermost scope alone is the receiver.
(call_expression
  function: (qualified_identifier
    name: (qualified_identifier
      scope: (_) @receiver
      name: [(identifier) @name (template_function name: (identifier) @name)]))) @reference.call
((call_expression function: (template_function name: (identifier) @name))
  (#not-any-of? @name "static_cast" "dynamic_cast" "const_cast" "reinterpret_cast")) @reference.call
(call_expression
  function: (field_expression
    argument: (_) @receiver
    field: (template_method name: (field_identifier) @name))) @reference.call
(field_initializer . (field_identifier) @name) @reference.use

(new_expression type: (type_identifier) @name) @reference.construct
(new_expression type: (template_type name: (type_identifier) @name)) @reference.construct
(new_expression type: (qualified_identifier scope: (_) @receiver name: (type_identifier) @name)) @reference.construct
(new_expression
  type: (qualified_identifier
    scope: (_) @receiver
    name: (template_type name: (type_identifier) @name))) @reference.construct
(compound_literal_expression type: (type_identifier) @name) @reference.construct
(compound_literal_expression type: (template_type name: (type_identifier) @name)) @reference.construct
(declaration
  type: (type_identifier) @name
  declarator: (init_declarator value: [(argument_list) (initializer_list)])) @reference.construct
(declaration
  type: (template_type name: (type_identifier) @name)
  declarator: (init_declarator value: [(argument_list) (initializer_list)])) @reference.construct

(base_class_clause (type_identifier) @name) @reference.inherit
(base_class_clause (template_type name: (type_identifier) @name)) @reference.inherit
(base_class_clause (qualified_identifier scope: (_) @receiver name: (type_identifier) @name)) @reference.inherit
(base_class_clause
  (qualified_identifier
    scope: (_) @receiver
    name: (template_type name: (type_identifier) @name))) @reference.inherit

(qualified_identifier scope: (_) @receiver name: (type_identifier) @name) @reference.type
(qualified_identifier scope: (_) @receiver name: (template_type name: (type_identifier) @name)) @reference.type

(argument_list (qualified_identifier scope: (_) @receiver name: (identifier) @name)) @reference.use
(argument_list
  (pointer_expression
    argument: (qualified_identifier scope: (_) @receiver name: (identifier) @name))) @reference.use
(return_statement (identifier) @name) @reference.use

(using_declaration "namespace"? @wildcard [(identifier) (qualified_identifier)] @module) @import
(namespace_alias_definition name: (_) @alias (nested_namespace_specifier) @module) @import
(namespace_alias_definition name: (_) @alias . (namespace_identifier) @module) @import

; `auto` tells nothing.
(declaration
  type: (placeholder_type_specifier)
  declarator: (init_declarator
    declarator: [
      (identifier) @name
      (pointer_declarator declarator: (identifier) @name)
      (reference_declarator (identifier) @name)
    ]
    value: [
      (call_expression function: (_) @value)
      (new_expression type: (_) @type)
      (compound_literal_expression type: (_) @type)
      (identifier) @value
    ])) @binding
(declaration
  type: [(type_identifier) (qualified_identifier) (template_type)] @type
  declarator: [
    (identifier) @name
    (function_declarator declarator: (identifier) @name)
    (reference_declarator (identifier) @name)
    (init_declarator declarator: (reference_declarator (identifier) @name))
  ]) @binding
(parameter_declaration
  type: [(type_identifier) (qualified_identifier) (template_type)] @type
  declarator: [(identifier) @name (reference_declarator (identifier) @name)]) @binding
(optional_parameter_declaration
  type: [(type_identifier) (qualified_identifier) (template_type)] @type
  declarator: [
    (identifier) @name
    (reference_declarator (identifier) @name)
    (pointer_declarator declarator: (identifier) @name)
  ]) @binding
(for_range_loop
  type: [(type_identifier) (qualified_identifier) (template_type)] @type
  declarator: [(identifier) @name (reference_declarator (identifier) @name)]) @binding
