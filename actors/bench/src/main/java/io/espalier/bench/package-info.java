/** The command {@code espalier bench}: measures the tables of the documentation. */
package io.espalier.bench;
