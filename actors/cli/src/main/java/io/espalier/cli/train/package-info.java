/** The commands {@code train} and {@code profile}. */
package io.espalier.cli.train;
