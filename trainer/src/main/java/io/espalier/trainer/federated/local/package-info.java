/** A client's side of a round: its examples and its work on them. */
@NullMarked
package io.espalier.trainer.federated.local;

import org.jspecify.annotations.NullMarked;
