/** What travels between a server and its clients, as bytes. */
@NullMarked
package io.espalier.trainer.federated.payload;

import org.jspecify.annotations.NullMarked;
