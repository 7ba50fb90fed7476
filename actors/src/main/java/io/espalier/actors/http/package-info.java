/** What every HTTP server of Espalier shares: address, TLS, limits, connections. */
@NullMarked
package io.espalier.actors.http;

import org.jspecify.annotations.NullMarked;
