/** Federations whose clients are simulated in one process. */
package io.espalier.federation.simulation;
