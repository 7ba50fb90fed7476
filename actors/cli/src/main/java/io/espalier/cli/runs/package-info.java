/**
 * Commands of a client of the service: {@code submit}, {@code runs}, {@code watch}, {@code pause},
 * {@code resume}, {@code stop}, {@code delete}, {@code fetch}, {@code report}.
 */
package io.espalier.cli.runs;
