/** One trainer's copy of the network: its masked parameters, its steps, its evaluation. */
@NullMarked
package io.espalier.trainer.replica;

import org.jspecify.annotations.NullMarked;
