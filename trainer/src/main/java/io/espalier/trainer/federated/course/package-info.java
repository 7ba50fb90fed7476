/** The server's side of a round: what the results of its clients make of the global network. */
@NullMarked
package io.espalier.trainer.federated.course;

import org.jspecify.annotations.NullMarked;
