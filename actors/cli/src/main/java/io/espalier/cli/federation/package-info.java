/** Commands of federations: {@code federate}, {@code enrol}, {@code edge}, {@code simulate}. */
package io.espalier.cli.federation;
