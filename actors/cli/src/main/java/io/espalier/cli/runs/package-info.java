/**
 * Commands of a client of the service: {@code submit}, {@code runs}, {@code watch}, {@code pause},
 * {@code resume}, {@code stop}.
 */
package io.espalier.cli.runs;
