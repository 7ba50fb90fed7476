/** How much is pruned when: pure functions from step to sparsity. */
@NullMarked
package io.espalier.masks.schedule;

import org.jspecify.annotations.NullMarked;
