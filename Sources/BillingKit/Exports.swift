// `import BillingKit` is enough to write a catalog and to use the gate.
@_exported public import BillingModel
