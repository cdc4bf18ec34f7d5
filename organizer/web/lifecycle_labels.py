"""The words a page shows for states, steps, roles and the door's answers. Japanese: translations/ja/labels.po."""

from enum import StrEnum
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from organizer.domain.lifecycle import (
    Actor,
    Admission,
    Barrier,
    EventPhase,
    EventState,
    EventStep,
    Mode,
    RegistrationState,
    RegistrationStep,
    RunState,
    RunStep,
    WaitingOrder,
)
from organizer.domain.roles import CircleRole, Right
from organizer.domain.ticketing import CheckInMethod, RefusalReason, ScanKind, ScanResult

LIFECYCLE_LABELS: Final[dict[type[StrEnum], dict[StrEnum, LazyString]]] = {
    EventState: {
        EventState.DRAFT: _l("Draft"),
        EventState.PUBLISHED: _l("Taking applications"),
        EventState.CLOSED: _l("Applications closed"),
        EventState.CANCELLED: _l("Event cancelled"),
    },
    EventStep: {
        EventStep.PUBLISH: _l("Publish"),
        EventStep.CLOSE: _l("Close applications"),
        EventStep.REOPEN: _l("Take applications again"),
        EventStep.CANCEL: _l("Cancel the event"),
    },
    EventPhase: {
        EventPhase.AHEAD: _l("Coming up"),
        EventPhase.RUNNING: _l("Going on now"),
        EventPhase.CLOSING: _l("Closing time"),
        EventPhase.OVER: _l("Has ended"),
    },
    Admission: {
        Admission.EVERYONE: _l("Open to everyone"),
        Admission.APPROVAL: _l("The host decides on each application"),
        Admission.INVITATION: _l("By invitation only"),
    },
    Mode: {
        Mode.VENUE: _l("At a venue"),
        Mode.ONLINE: _l("Online"),
    },
    WaitingOrder: {
        WaitingOrder.BY_FIT: _l("Best fit first"),
        WaitingOrder.BY_APPLICATION: _l("In order of application"),
    },
    RegistrationState: {
        RegistrationState.APPLIED: _l("Awaiting the host's decision"),
        RegistrationState.WAITLISTED: _l("On the waiting list"),
        RegistrationState.ADMITTED: _l("Place confirmed"),
        RegistrationState.DECLINED: _l("Declined"),
        RegistrationState.CANCELLED: _l("Cancelled"),
    },
    RegistrationStep: {
        RegistrationStep.ADMIT: _l("Admit"),
        RegistrationStep.WAITLIST: _l("Put on the waiting list"),
        RegistrationStep.DECLINE: _l("Decline this time"),
        RegistrationStep.CANCEL: _l("Cancel the registration"),
        RegistrationStep.PROMOTE: _l("Move up from the waiting list"),
        RegistrationStep.UNDO: _l("Undo"),
    },
    Actor: {
        Actor.APPLICANT: _l("The applicant"),
        Actor.HOST: _l("The host"),
        Actor.SYSTEM: _l("Enishi, automatically"),
    },
    Barrier: {
        Barrier.EVENT_DRAFT: _l("This event is not published yet."),
        Barrier.EVENT_CANCELLED: _l("This event has been cancelled."),
        Barrier.EVENT_OVER: _l("This event is over."),
        Barrier.APPLICATIONS_CLOSED: _l("Applications for this event are closed."),
        Barrier.DEADLINE_PASSED: _l("The deadline for applications has passed."),
        Barrier.INVITED_ONLY: _l("This event is for invited people. Please open it from your invitation."),
        Barrier.NOT_YOURS: _l("This is not yours to decide."),
        Barrier.ALREADY_SO: _l("This has been done already. Nothing was changed."),
        Barrier.WRONG_STATE: _l("Things have changed meanwhile. Please look at the page again."),
        Barrier.ARRIVED: _l("This person has arrived already. Take back the check-in first."),
        Barrier.NOTHING_TO_UNDO: _l("There is nothing to undo."),
        Barrier.TOO_LATE_TO_UNDO: _l("Ten minutes have passed, so this can no longer be undone."),
        Barrier.ALREADY_TOLD: _l("The mail has left already, so this can no longer be undone."),
    },
    RunState: {
        RunState.MADE: _l("Ready to go out"),
        RunState.HELD: _l("Held for your look"),
        RunState.PUBLISHED: _l("Sent to everyone"),
    },
    RunStep: {
        RunStep.HOLD: _l("Hold and look them over"),
        RunStep.PUBLISH: _l("Send the matches"),
    },
    CircleRole: {
        CircleRole.OWNER: _l("Owner"),
        CircleRole.HOST: _l("Host"),
        CircleRole.STAFF: _l("Door staff"),
    },
    Right: {
        Right.SEE_DOOR: _l("See tonight's door"),
        Right.SCAN: _l("Check people in"),
        Right.MANAGE_EVENT: _l("Make and change events"),
        Right.DECIDE: _l("Decide on applications"),
        Right.EXPORT: _l("Save lists as files"),
        Right.REVIEW_MATCHES: _l("Look over matches before they go out"),
        Right.HANDLE_REPORTS: _l("Read and answer reports"),
        Right.INVITE: _l("Invite helpers for the door"),
        Right.MANAGE_MEMBERS: _l("Change members and their roles"),
        Right.MANAGE_CIRCLE: _l("Change the circle"),
    },
    CheckInMethod: {
        CheckInMethod.SCAN: _l("QR code"),
        CheckInMethod.SEARCH: _l("Found by name"),
        CheckInMethod.ONLINE: _l("Opened the online link"),
        CheckInMethod.WALK_IN: _l("Came without registering"),
        CheckInMethod.SELF: _l("Own phone at the tablet"),
        CheckInMethod.KIOSK: _l("Tablet at the entrance"),
        CheckInMethod.PAPER: _l("Entered from paper"),
    },
    ScanKind: {
        ScanKind.ENTRY: _l("Check-in"),
        ScanKind.TRIAL: _l("Trying the phone"),
    },
    ScanResult: {
        ScanResult.ADMITTED: _l("Please come in"),
        ScanResult.ALREADY: _l("Already checked in"),
        ScanResult.REFUSED: _l("Please ask the host"),
    },
    RefusalReason: {
        RefusalReason.MALFORMED: _l("This could not be read. Please scan once more."),
        RefusalReason.UNKNOWN_CODE: _l("This is no ticket of ours. Please search by name."),
        RefusalReason.OTHER_EVENT: _l("This ticket is for another event."),
        RefusalReason.EVENT_CANCELLED: _l("This event has been cancelled."),
        RefusalReason.CANCELLED: _l("This registration was cancelled."),
        RefusalReason.NOT_ADMITTED: _l("No place has been confirmed yet. Please ask the host."),
        RefusalReason.REVOKED: _l("This is an old ticket. Please show the newest one."),
        RefusalReason.NOT_YET_OPEN: _l("The door is not open yet."),
        RefusalReason.EVENT_OVER: _l("Check-in for this event is over."),
    },
}
