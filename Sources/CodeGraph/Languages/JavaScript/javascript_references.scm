(formal_parameters (identifier) @name) @binding
(formal_parameters (assignment_pattern left: (identifier) @name)) @binding
(formal_parameters (object_pattern (shorthand_property_identifier_pattern) @name)) @binding
(formal_parameters (object_pattern (pair_pattern value: (identifier) @name))) @binding

(class_heritage (identifier) @name) @reference.inherit
(class_heritage (member_expression object: (_) @receiver property: (property_identifier) @name)) @reference.inherit
(class_heritage (call_expression function: (identifier) @name)) @reference.inherit

(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: [
    (new_expression constructor: (_) @type)
    (call_expression function: [(identifier) (member_expression)] @called)
    (identifier) @assigned
    (member_expression) @assigned
  ]) @binding
