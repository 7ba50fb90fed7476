/** Channels of a network that go together, and the smaller network without some. */
package io.espalier.trainer.network.group;
