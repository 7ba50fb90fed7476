/** What a user asks of a running service: submit, list, watch, pause, resume, stop. */
@NullMarked
package io.espalier.actors.cli.service;

import org.jspecify.annotations.NullMarked;
