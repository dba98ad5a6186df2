(package_declaration [(identifier) (scoped_identifier)] @name) @definition.module

(class_declaration name: (identifier) @name body: (_) @body) @definition.class
(record_declaration name: (identifier) @name body: (_) @body) @definition.class
(interface_declaration name: (identifier) @name body: (_) @body) @definition.interface
(annotation_type_declaration name: (identifier) @name body: (_) @body) @definition.interface
(enum_declaration name: (identifier) @name body: (_) @body) @definition.enum
(enum_constant name: (identifier) @name body: (_)? @body) @definition.enum_member

(constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(compact_constructor_declaration name: (identifier) @name body: (_) @body) @definition.constructor
(method_declaration type: (_) @type name: (identifier) @name body: (_)? @body) @definition.method
(annotation_type_element_declaration type: (_) @type name: (identifier) @name) @definition.method

(field_declaration
  (modifiers "static" "final")
  type: (_) @type
  declarator: (variable_declarator name: (identifier) @name)) @definition.constant
(field_declaration type: (_) @type declarator: (variable_declarator name: (identifier) @name)) @definition.field
(constant_declaration
  type: (_) @type
  declarator: (variable_declarator name: (identifier) @name)) @definition.constant
(record_declaration
  parameters: (formal_parameters
    (formal_parameter type: (_) @type name: (identifier) @name) @definition.field))

[(line_comment) (block_comment)] @comment

(marker_annotation name: (_) @name) @annotation
(annotation name: (_) @name arguments: (_) @arguments) @annotation
