/** Channel pruning: scores, budgets, allocation and the exact knapsack. */
package io.espalier.masks.channel;
