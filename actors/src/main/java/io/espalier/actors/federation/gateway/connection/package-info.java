/** Connections of the gateway: how many, whose they are, and every byte that they carry. */
@NullMarked
package io.espalier.actors.federation.gateway.connection;

import org.jspecify.annotations.NullMarked;
