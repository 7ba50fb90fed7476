/** Commands that serve: {@code serve} and {@code dashboard}. */
package io.espalier.cli.serve;
