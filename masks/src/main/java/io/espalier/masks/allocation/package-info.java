/** How many units each parameter keeps of a network's budget. */
@NullMarked
package io.espalier.masks.allocation;

import org.jspecify.annotations.NullMarked;
