/** How long a network's layers take on this machine, by the channels that they have left. */
@NullMarked
package io.espalier.trainer.latency;

import org.jspecify.annotations.NullMarked;
