/** How long a network's layers take on this machine, by the channels that they have left. */
package io.espalier.trainer.latency;
