/** Progressive pruning among clients that never send a dense gradient: FedTiny. */
@NullMarked
package io.espalier.masks.fedtiny;

import org.jspecify.annotations.NullMarked;
