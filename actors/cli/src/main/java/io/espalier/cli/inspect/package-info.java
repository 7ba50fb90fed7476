/**
 * Commands on stored networks: {@code inspect}, {@code evaluate}, {@code predict}, {@code export}.
 */
package io.espalier.cli.inspect;
