/** Parts that programs with a terminal share: arguments, failures, signals, safe output. */
package io.espalier.console;
