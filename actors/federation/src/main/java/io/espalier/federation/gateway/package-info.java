/** The gateway: the gRPC endpoint that clients connect to. */
package io.espalier.federation.gateway;
