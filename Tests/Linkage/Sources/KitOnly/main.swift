import BillingKit

// The engine's own parts that need no store.
print(SystemClock().now(), SystemEntropy().next(), BillingSystem.Configuration().largestGroup)
