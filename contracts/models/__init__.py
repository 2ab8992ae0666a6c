"""Contracts, what they consist of, and the price list and templates behind them."""

from contracts.models.catalogue import NIL, ContractTemplate, Money, Price, Product, PurchaseMode, discount
from contracts.models.contract import Contract
from contracts.models.rows import ContractLine, PaymentTerm, Promise, Risk

__all__ = (
    "NIL",
    "Contract",
    "ContractLine",
    "ContractTemplate",
    "Money",
    "PaymentTerm",
    "Price",
    "Product",
    "Promise",
    "PurchaseMode",
    "Risk",
    "discount",
)
