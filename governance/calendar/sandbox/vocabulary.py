"""The names that the `fields` parameter may select; any other is 400, as at Google (item 3).

Written in the parameter's own language. `*` and names without parentheses let everything below
through. A test compares it with the discovery documents that come with Google's client.
"""

from __future__ import annotations

from functools import lru_cache

from . import fields
from .fields import Mask

_TIME = "(date,dateTime,timeZone)"
_PERSON = "(displayName,email,id,self)"
_REMINDER = "(method,minutes)"
EVENT = (
    "anyoneCanAddSelf,attachments(fileId,fileUrl,iconLink,mimeType,title),"
    "attendees(additionalGuests,asyncOperation,comment,displayName,email,id,optional,organizer,resource,"
    "responseStatus,self),attendeesOmitted,birthdayProperties(contact,customTypeName,type),colorId,"
    "conferenceData(conferenceId,conferenceSolution(iconUri,key(type),name),"
    "createRequest(conferenceSolutionKey(type),requestId,status(statusCode)),"
    "entryPoints(accessCode,entryPointFeatures,entryPointType,label,meetingCode,passcode,password,pin,"
    "regionCode,uri),notes,parameters(addOnParameters(parameters(*))),signature),"
    f"created,creator{_PERSON},description,end{_TIME},endTimeUnspecified,etag,eventLabelId,eventType,"
    "extendedProperties(private(*),shared(*)),focusTimeProperties(autoDeclineMode,chatStatus,declineMessage),"
    "gadget(display,height,iconLink,link,preferences(*),title,type,width),"
    "guestsCanInviteOthers,guestsCanModify,guestsCanSeeOtherGuests,hangoutLink,htmlLink,iCalUID,id,kind,"
    f"location,locked,organizer{_PERSON},originalStartTime{_TIME},"
    "outOfOfficeProperties(autoDeclineMode,declineMessage),privateCopy,recurrence,recurringEventId,"
    f"reminders(overrides{_REMINDER},useDefault),sequence,source(title,url),start{_TIME},status,summary,"
    "transparency,updated,visibility,workingLocationProperties(customLocation(label),homeOffice,"
    "officeLocation(buildingId,deskId,floorId,floorSectionId,label),type)"
)
EVENTS = (
    f"accessRole,defaultReminders{_REMINDER},description,etag,items({EVENT}),kind,nextPageToken,nextSyncToken,"
    "summary,timeZone,updated"
)
CALENDAR = (
    "autoAcceptInvitations,conferenceProperties(allowedConferenceSolutionTypes),dataOwner,description,etag,id,"
    "kind,labelProperties(eventLabels(backgroundColor,id,name)),location,summary,timeZone,"
    "workingHours(availableTimes(dayOfWeek,periodEnd,periodStart),workingHoursEnabled)"
)
CALENDAR_LIST_ENTRY = (
    "accessRole,autoAcceptInvitations,backgroundColor,colorId,"
    f"conferenceProperties(allowedConferenceSolutionTypes),dataOwner,defaultReminders{_REMINDER},deleted,"
    "description,etag,foregroundColor,hidden,id,kind,location,notificationSettings(notifications(method,type)),"
    "primary,selected,summary,summaryOverride,timeZone"
)
CALENDAR_LIST = f"etag,items({CALENDAR_LIST_ENTRY}),kind,nextPageToken,nextSyncToken"
ACL = "etag,items(etag,id,kind,role,scope(type,value)),kind,nextPageToken,nextSyncToken"
USER = (
    "addresses,agreedToTerms,aliases,archivalTime,archived,changePasswordAtNextLogin,creationTime,"
    "customSchemas(*),customerId,deletionTime,emails,etag,externalIds,gender,"
    "guestAccountInfo(primaryGuestEmail),hashFunction,id,ims,includeInGlobalAddressList,ipWhitelisted,isAdmin,"
    "isDelegatedAdmin,isEnforcedIn2Sv,isEnrolledIn2Sv,isGuestUser,isMailboxSetup,keywords,kind,languages,"
    "lastLoginTime,locations,name(displayName,familyName,fullName,givenName),nonEditableAliases,notes,"
    "orgUnitPath,organizations,password,phones,posixAccounts,primaryEmail,recoveryEmail,recoveryPhone,relations,"
    "sshPublicKeys,suspended,suspensionReason,suspensionTime,thumbnailPhotoEtag,thumbnailPhotoUrl,websites"
)
USERS = f"etag,kind,nextPageToken,trigger_event,users({USER})"
GROUP = (
    "adminCreated,aliases,description,directMembersCount,email,etag,externalIds(id,namespace),id,kind,name,"
    "nonEditableAliases"
)
GROUPS = f"etag,groups({GROUP}),kind,nextPageToken"
MEMBERS = "etag,kind,members(delivery_settings,email,etag,id,kind,role,status,type),nextPageToken"
HAS_MEMBER = "isMember"
CHANNEL = "address,expiration,id,kind,params(*),payload,resourceId,resourceUri,token,type"
SENT_MESSAGE = (
    "classificationLabelValues,historyId,id,internalDate,labelIds,payload(*),raw,sizeEstimate,snippet,threadId"
)
MESSAGES = f"messages({SENT_MESSAGE}),nextPageToken,resultSizeEstimate"

_OF_ROUTES = {
    "events.list": EVENTS,
    "events.instances": EVENTS,
    "events.watch": CHANNEL,
    "calendars.get": CALENDAR,
    "calendarList.list": CALENDAR_LIST,
    "calendarList.get": CALENDAR_LIST_ENTRY,
    "acl.list": ACL,
    "users.get": USER,
    "users.list": USERS,
    "groups.get": GROUP,
    "groups.list": GROUPS,
    "members.list": MEMBERS,
    "members.hasMember": HAS_MEMBER,
    "messages.send": SENT_MESSAGE,
    "messages.get": SENT_MESSAGE,
    "messages.list": MESSAGES,
}


@lru_cache(maxsize=512)
def selected(route: str, text: str) -> Mask:
    """The mask that `text` describes for a method's answer; a Refusal when it names what there is not."""
    mask = fields.compiled(text)
    if not _is_known(mask, fields.compiled(_OF_ROUTES.get(route, EVENT))):
        raise fields.refused(text)
    return mask


def _is_known(mask: Mask, names: Mask) -> bool:
    return all(_is_known_name(name, inner, names) for name, inner in mask.items())


def _is_known_name(name: str, inner: Mask | None, names: Mask) -> bool:
    if name == "*":
        return inner is None or all(_is_known(inner, below) for below in names.values() if below)
    if name not in names and "*" not in names:
        return False
    below = names.get(name)
    return inner is None or below is None or _is_known(inner, below)
