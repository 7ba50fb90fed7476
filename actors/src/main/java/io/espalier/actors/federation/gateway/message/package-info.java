/** What a gateway lets through of a client's messages. */
@NullMarked
package io.espalier.actors.federation.gateway.message;

import org.jspecify.annotations.NullMarked;
