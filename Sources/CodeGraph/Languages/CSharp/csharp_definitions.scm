(namespace_declaration name: (_) @name body: (_) @body) @definition.module
(file_scoped_namespace_declaration name: (_) @name) @definition.module

(class_declaration name: (identifier) @name body: (_)? @body) @definition.class
(record_declaration name: (identifier) @name body: (_)? @body) @definition.class
(struct_declaration name: (identifier) @name body: (_)? @body) @definition.struct
(interface_declaration name: (identifier) @name body: (_)? @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_)? @body) @definition.enum
(enum_member_declaration name: (identifier) @name) @definition.enum_member
(delegate_declaration type: (_) @type name: (identifier) @name) @definition.type_alias

(constructor_declaration name: (identifier) @name body: (_)? @body) @definition.constructor
(destructor_declaration name: (identifier) @name body: (_)? @body) @definition.method
(method_declaration returns: (_) @type name: (identifier) @name body: (_)? @body) @definition.method
(local_function_statement type: (_) @type name: (identifier) @name body: (_)? @body) @definition.function
(operator_declaration type: (_) @type operator: _ @name body: (_)? @body) @definition.method
(indexer_declaration type: (_) @type "this" @name [accessors: (_) value: (_)] @body) @definition.property
(property_declaration
  type: (_) @type
  name: (identifier) @name
  [accessors: (_) value: (arrow_expression_clause)] @body) @definition.property
(event_field_declaration
  (variable_declaration type: (_) @type (variable_declarator name: (identifier) @name))) @definition.field
(event_declaration type: (_) @type name: (identifier) @name) @definition.property

; Functions without names that a variable holds.
(variable_declarator
  name: (identifier) @name
  [(lambda_expression body: (_) @body) (anonymous_method_expression (block) @body)]) @definition.function

(field_declaration
  (modifier) @modifier
  (variable_declaration type: (_) @type (variable_declarator name: (identifier) @name))
  (#eq? @modifier "const")) @definition.constant
(field_declaration
  (variable_declaration type: (_) @type (variable_declarator name: (identifier) @name))) @definition.field
(record_declaration
  (parameter_list (parameter type: (_) @type name: (identifier) @name) @definition.property))

(comment) @comment

(attribute name: (_) @name (attribute_argument_list)? @arguments) @annotation
