/** The HTTP API of the service: runs, files, events and metrics. */
package io.espalier.service.api;
