-- What the files of customers, accounts, contracts and equipment say beside the master family. The contract in force is
-- the one that began last; equipment that was removed does not count.
WITH accounts AS (
  SELECT customer_id,
         count(*) AS accounts,
         max(CASE WHEN kind = 'direct_debit' THEN 1 ELSE 0 END) AS debit,
         max(CASE WHEN debit_book = 'separate' THEN 1 ELSE 0 END) AS separate_book
  FROM account
  WHERE (opened_on IS NULL OR opened_on <= ${month_end}) AND (closed_on IS NULL OR closed_on > ${month_end})
    AND coalesce(status, 'active') <> 'closed'
  GROUP BY customer_id
),
contracts AS (
  SELECT customer_id,
         min(coalesce(valid_from, signed_on)) AS first_on,
         max(valid_to) AS last_on,
         max(CASE WHEN is_market_traded THEN 1 ELSE 0 END) AS market
  FROM supply_contract
  WHERE coalesce(valid_from, signed_on) <= ${month_end} AND coalesce(status, 'active') <> 'terminated'
  GROUP BY customer_id
),
devices AS (
  SELECT customer_id,
         sum(CASE WHEN kind IN ('main_supply', 'standby_supply', 'security_supply') THEN 1 ELSE 0 END) AS supplies,
         max(CASE WHEN kind IN ('standby_supply', 'security_supply') THEN 1 ELSE 0 END) AS standby,
         max(CASE WHEN kind = 'own_emergency_power' THEN 1 ELSE 0 END) AS own_power,
         max(CASE WHEN kind IN ('photovoltaic', 'storage') THEN 1 ELSE 0 END) AS generation,
         max(CASE WHEN kind = 'ev_charger' OR appliance_kind = 'ev' THEN 1 ELSE 0 END) AS charger
  FROM equipment
  WHERE (installed_on IS NULL OR installed_on <= ${month_end}) AND (removed_on IS NULL OR removed_on > ${month_end})
    AND coalesce(status, 'in_use') <> 'removed'
  GROUP BY customer_id
),
partners AS (
  SELECT business_partner_id, count(*) AS customers
  FROM open_customer
  WHERE business_partner_id IS NOT NULL
  GROUP BY business_partner_id
)
SELECT o.customer_id,
       o.enterprise_scale,
       o.load_class,
       o.power_quality_need,
       o.need_type,
       o.heating_kind,
       o.alternative_energy,
       o.payment_plan,
       o.credit_grade,
       o.preferred_channel,
       o.has_preferential_tariff,
       o.has_third_party_supplier,
       o.uses_green_energy,
       o.is_dsm_participant,
       o.is_prepaid,
       o.account_manager_id IS NOT NULL AS has_account_manager,
       o.age,
       o.is_owner,
       o.is_elderly,
       o.is_blind OR o.is_disabled AS is_impaired,
       o.has_life_support,
       o.is_low_income OR o.is_subsidy_participant AS is_low_income,
       days_between(o.verified_on, ${month_end}) AS days_since_verified,
       p.customers AS partner_customers,
       CASE WHEN ${loaded:account} THEN coalesce(a.accounts, 0) END AS accounts,
       CASE WHEN ${loaded:account} THEN coalesce(a.accounts, 0) > 1 END AS has_several_accounts,
       CASE WHEN ${loaded:account} THEN coalesce(a.debit, 0) = 1 END AS has_direct_debit,
       CASE WHEN a.debit = 1 THEN a.separate_book = 1 END AS has_separate_debit_book,
       (year(${as_of}) - year(c.first_on)) * 12 + month(${as_of}) - month(c.first_on) AS contract_months,
       (year(${as_of}) - year(c.first_on)) * 12 + month(${as_of}) - month(c.first_on) < 24 AS is_contract_under_2_years,
       days_between(${month_end}, c.last_on) AS contract_days_left,
       CASE WHEN c.customer_id IS NOT NULL THEN c.market = 1 END AS is_market_traded,
       CASE WHEN ${loaded:equipment} AND e.supplies > 0 THEN e.supplies END AS supplies,
       CASE WHEN ${loaded:equipment} THEN coalesce(e.standby, 0) = 1 END AS has_standby_supply,
       CASE WHEN ${loaded:equipment} THEN coalesce(e.own_power, 0) = 1 END AS has_own_emergency_power,
       CASE WHEN ${loaded:equipment} THEN coalesce(e.generation, 0) = 1 END AS has_own_generation,
       CASE WHEN ${loaded:equipment} THEN coalesce(e.charger, 0) = 1 END AS has_ev_charger
FROM open_customer o
LEFT JOIN accounts a ON a.customer_id = o.customer_id
LEFT JOIN contracts c ON c.customer_id = o.customer_id
LEFT JOIN devices e ON e.customer_id = o.customer_id
LEFT JOIN partners p ON p.business_partner_id = o.business_partner_id
