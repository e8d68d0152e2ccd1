import BillingKit
