/** The command that prunes stored networks without training. */
package io.espalier.cli.prune;
