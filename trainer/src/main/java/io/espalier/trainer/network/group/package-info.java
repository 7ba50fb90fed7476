/** Channels of a network that go together, and the smaller network without some. */
@NullMarked
package io.espalier.trainer.network.group;

import org.jspecify.annotations.NullMarked;
