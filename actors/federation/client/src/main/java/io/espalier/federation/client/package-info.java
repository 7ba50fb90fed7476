/** The edge client: connection, local work and its state directory. */
package io.espalier.federation.client;
