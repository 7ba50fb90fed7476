/** A client of the service's HTTP API, on the JDK alone. */
@NullMarked
package io.espalier.actors.service.client;

import org.jspecify.annotations.NullMarked;
