/** What programs share that talk with a terminal: arguments, failures, signals, safe output. */
package io.espalier.console;
