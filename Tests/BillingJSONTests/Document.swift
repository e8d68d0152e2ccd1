/// Documents that the tests read.
enum Document {
    static let small = """
        {"version": 1, "meters": [{"id": "m", "name": "M"}], "tiers": [{"id": "t", "rank": 0, "name": "T"}], "fallback": "t"}
        """

    /// Something of everything, as the kit writes it.
    static let full = """
        {
          "fallback": "free",
          "features": [
            {"id": "sso", "kind": "flag", "name": "Single sign-on"},
            {"id": "regions", "kind": "number", "name": "Regions"},
            {"id": "support", "kind": "text", "name": "Support"}
          ],
          "meters": [
            {
              "decimals": 2,
              "draw": {"cost": 5, "pool": "ai"},
              "id": "documents",
              "name": "Documents",
              "unit": "document"
            },
            {"id": "seats", "kind": "gauge", "name": "Seats"}
          ],
          "packs": [
            {
              "contents": {"pool": "ai", "units": 100},
              "id": "hundred",
              "life": "year",
              "name": "A hundred credits",
              "prices": [{"amount": "9.90", "currency": "EUR", "products": {"polar": "prod_pack"}}]
            }
          ],
          "pools": [{"id": "ai", "name": "AI credits"}],
          "settings": {
            "attempts": {"abandoned_seconds": 86400, "life_seconds": 2592000},
            "grace": {"past_due_seconds": 604800, "renewal_seconds": 259200},
            "hold_seconds": 900,
            "low_balance": [{"percent": 20}, {"units": 5}],
            "refunds": {"extend_days": 7}
          },
          "tiers": [
            {
              "allowances": {"documents": {"per": "month", "units": 10}},
              "id": "free",
              "name": "Free",
              "rank": 0
            },
            {
              "allowances": {
                "documents": {
                  "overage": {"up_to": 50},
                  "per": "month",
                  "rollover": {"up_to": 100},
                  "units": 500
                },
                "seats": {"level": 5, "overage": "without_cap"}
              },
              "credits": {"ai": {"per": "month", "rollover": {"up_to": 500}, "units": 1000}},
              "description": "For teams.",
              "features": {"regions": 3, "sso": true, "support": "email"},
              "id": "pro",
              "name": "Pro",
              "prices": [
                {
                  "amount": "29.00",
                  "currency": "EUR",
                  "per": "month",
                  "products": {"polar": "prod_month", "polar_sandbox": "test_month"}
                }
              ],
              "rank": 1,
              "rates": {
                "documents": [
                  {"per": "minute", "units": 60},
                  {"per": {"every": 6, "unit": "hour"}, "units": 100}
                ]
              }
            }
          ],
          "trial": {"days": 14, "gives": {"tier": "pro"}, "reminder_days": [3, 1]},
          "version": 1
        }

        """
}
