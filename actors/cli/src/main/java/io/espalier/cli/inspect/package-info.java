/**
 * Commands on stored networks: {@code inspect}, {@code evaluate}, {@code predict}, {@code analyse},
 * {@code export}.
 */
package io.espalier.cli.inspect;
