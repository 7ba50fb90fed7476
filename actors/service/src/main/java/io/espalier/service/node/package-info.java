/** One node of the service: wires home, journal, actors and API. */
package io.espalier.service.node;
