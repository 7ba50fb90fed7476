/** The HTTP server: endpoints, authentication, limits, problems, TLS. */
package io.espalier.service.http;
