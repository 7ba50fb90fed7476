/** Networks as typed graphs of layers, and the block that runs one on the engine. */
@NullMarked
package io.espalier.trainer.network;

import org.jspecify.annotations.NullMarked;
