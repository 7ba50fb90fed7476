/** A client of the HTTP API. */
package io.espalier.service.client;
