/** How a network is pruned while it trains: sparsity, score, allocation, schedule, mask kind. */
@NullMarked
package io.espalier.configs.prune;

import org.jspecify.annotations.NullMarked;
